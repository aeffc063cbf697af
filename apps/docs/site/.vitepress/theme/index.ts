import type {Theme} from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import OpenInLab from './OpenInLab.vue';
import './style.css';

const theme: Theme = {
  extends: DefaultTheme,
  enhanceApp({app}) {
    app.component('OpenInLab', OpenInLab);
  },
};

export default theme;
