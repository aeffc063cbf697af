// Short sentences in four languages, written for this example.
export const sentences = {
  english: `where is the station please|the weather is nice this morning|we would like to eat something|i have lost my keys again
the train leaves at half past seven|she reads a book every week|could you help me with this box|what time does the shop open
my brother lives near the river|they walked home through the rain|this soup needs a little more salt|the children are playing outside
he forgot to close the window|i will call you back tomorrow|the old bridge was built of stone|please write your name here
nothing is better than fresh bread|the cat sleeps on the warm roof|how much does this shirt cost|we have been waiting for an hour`,
  german: `wo ist bitte der bahnhof|das wetter ist heute morgen schoen|wir moechten gerne etwas essen|ich habe schon wieder meine schluessel verloren
der zug faehrt um halb acht ab|sie liest jede woche ein buch|koennten sie mir mit dieser kiste helfen|wann macht das geschaeft auf
mein bruder wohnt in der naehe des flusses|sie gingen durch den regen nach hause|diese suppe braucht etwas mehr salz|die kinder spielen draussen
er hat vergessen das fenster zu schliessen|ich rufe dich morgen zurueck|die alte bruecke wurde aus stein gebaut|bitte schreiben sie ihren namen hierher
nichts ist besser als frisches brot|die katze schlaeft auf dem warmen dach|wie viel kostet dieses hemd|wir warten schon seit einer stunde`,
  french: `ou est la gare s il vous plait|il fait beau ce matin|nous voudrions manger quelque chose|j ai encore perdu mes cles
le train part a sept heures et demie|elle lit un livre chaque semaine|pourriez vous m aider avec cette boite|a quelle heure ouvre le magasin
mon frere habite pres de la riviere|ils sont rentres a pied sous la pluie|cette soupe a besoin d un peu plus de sel|les enfants jouent dehors
il a oublie de fermer la fenetre|je te rappelle demain|le vieux pont a ete construit en pierre|veuillez ecrire votre nom ici
rien n est meilleur que le pain frais|le chat dort sur le toit chaud|combien coute cette chemise|nous attendons depuis une heure`,
  spanish: `donde esta la estacion por favor|hace buen tiempo esta manana|nos gustaria comer algo|he vuelto a perder mis llaves
el tren sale a las siete y media|ella lee un libro cada semana|podria ayudarme con esta caja|a que hora abre la tienda
mi hermano vive cerca del rio|caminaron a casa bajo la lluvia|esta sopa necesita un poco mas de sal|los ninos estan jugando fuera
el olvido cerrar la ventana|te llamo manana|el viejo puente fue construido de piedra|por favor escriba su nombre aqui
no hay nada mejor que el pan fresco|el gato duerme en el tejado caliente|cuanto cuesta esta camisa|llevamos una hora esperando`,
};
export const languages = Object.keys(sentences);

const textsOf = (language) => sentences[language].split(/[|\n]/);

/** The first twelve sentences of each language are to learn from, the others to tell. */
export const texts = (part) =>
  languages.flatMap((language, label) =>
    (part === 'train' ? textsOf(language).slice(0, 12) : textsOf(language).slice(12)).map((text) => ({
      text,
      label,
    })),
  );
