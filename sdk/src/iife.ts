import './define/all.ts';

export * from './index.ts';
