import protobuf from 'protobufjs';

/** The parts of TensorFlow's protocol buffers that a SavedModel of one graph needs, with their field numbers. */
const schema = `
syntax = "proto3";
package tensorflow;
message Dim { int64 size = 1; }
message TensorShapeProto { repeated Dim dim = 2; bool unknown_rank = 3; }
message TensorProto { int32 dtype = 1; TensorShapeProto tensor_shape = 2; bytes tensor_content = 4; }
message ListValue {
  repeated bytes s = 2; repeated int64 i = 3; repeated float f = 4; repeated bool b = 5;
  repeated int32 type = 6; repeated TensorShapeProto shape = 7;
}
message AttrValue {
  oneof value {
    ListValue list = 1; bytes s = 2; int64 i = 3; float f = 4; bool b = 5; int32 type = 6;
    TensorShapeProto shape = 7; TensorProto tensor = 8;
  }
}
message NodeDef {
  string name = 1; string op = 2; repeated string input = 3; string device = 4; map<string, AttrValue> attr = 5;
}
message VersionDef { int32 producer = 1; int32 min_consumer = 2; }
message GraphDef { repeated NodeDef node = 1; VersionDef versions = 4; }
message MetaInfoDef { repeated string tags = 4; }
message MetaGraphDef { MetaInfoDef meta_info_def = 1; GraphDef graph_def = 2; }
message SavedModel { int64 saved_model_schema_version = 1; repeated MetaGraphDef meta_graphs = 2; }
`;

/** A shape, as TensorFlow's TensorShapeProto. */
export interface ShapeProto {
  readonly dim: readonly {readonly size: number}[];
}

/** A node's attribute: one of its members is set. */
export interface AttributeProto {
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: ShapeProto;
  readonly tensor?: {
    readonly dtype: number;
    readonly tensorShape: ShapeProto;
    readonly tensorContent: Uint8Array;
  };
  readonly list?: {
    readonly i?: readonly number[];
    readonly f?: readonly number[];
    readonly b?: readonly boolean[];
    readonly type?: readonly number[];
  };
}

/** One node of a graph. */
export interface NodeProto {
  readonly name: string;
  readonly op: string;
  /** `node`, `node:output`, or `^node` for order alone. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeProto>>;
}

/** The tag under which the graph is stored and found. */
export const graphTag = 'serve';

// The version of TensorFlow 2's graphs, from which on today's defaults of ops hold.
const producer = 1087;

const savedModel = protobuf.parse(schema).root.lookupType('tensorflow.SavedModel');

/** The bytes of `saved_model.pb` for a graph. */
export function encodeSavedModel(nodes: readonly NodeProto[]): Uint8Array {
  const graphDef = {node: nodes, versions: {producer}};
  const metaGraphs = [{metaInfoDef: {tags: [graphTag]}, graphDef}];
  return savedModel.encode(savedModel.create({savedModelSchemaVersion: 1, metaGraphs})).finish();
}
