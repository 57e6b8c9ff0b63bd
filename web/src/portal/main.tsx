import './portal.css';
import { createRoot } from 'react-dom/client';
import { App } from './app.js';
import { startSession } from './session.js';

startSession();
const root = document.getElementById('root');
if (root === null) throw new Error('portal.html has no #root.');
createRoot(root).render(<App />);
