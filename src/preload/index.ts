import { contextBridge, ipcRenderer, webUtils } from 'electron';
import { installBridge } from './bridge.js';

installBridge(contextBridge, ipcRenderer, (file) => webUtils.getPathForFile(file));
