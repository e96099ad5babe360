import { contextBridge, ipcRenderer } from 'electron';
import { installBridge } from './bridge.js';

installBridge(contextBridge, ipcRenderer);
