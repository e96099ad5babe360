import { config } from 'zod';

/** The page's policy allows no code from text, which zod would try out, and the browser would report. Comes before every schema. */
config({ jitless: true });
