import { describe, it } from 'node:test';
import { RuleTester } from 'eslint';
import { templates } from './lws-safe-templates.js';

RuleTester.describe = describe;
RuleTester.it = it;

const tester = new RuleTester({ languageOptions: { ecmaVersion: 2024, sourceType: 'module' } });
const bad = (code, ...messageIds) => ({ code, errors: messageIds.map((messageId) => ({ messageId })) });

tester.run('lws-safe/templates', templates, {
  valid: [
    'html`<p .className=${a} ?hidden=${b} @click=${c}>${d}</p>`',
    'html`<p class="plain" role="status" aria-live="polite">text</p>`',
    'html`<lumina-widget metric=${a} group-by="${b}" heading="x ${c}"></lumina-widget>`',
    'html`<canvas ${ref(a)}></canvas>`',
    'html`${slotNode}`',
    'html`<!-- <slot></slot> --><p></p>`',
    'html`<p>${a > 1 ? html`<b>${a}</b>` : nothing}</p>`',
    'svg`<path d="M1 1"></path>`',
    'css`slot { display: none; }`',
    'html`<input id="field" .value=${a}>`',
    'html`<p .title=${"<slot>"}></p>`',
  ],
  invalid: [
    bad('html`<slot></slot>`', 'forbiddenTag'),
    bad('html`<div><slot name="end"></slot></div>`', 'forbiddenTag'),
    bad('html`<main></main>`', 'forbiddenTag'),
    bad('html`<DIALOG></DIALOG>`', 'forbiddenTag'),
    bad('html`<template></template>`', 'forbiddenTag'),
    bad('svg`<foreignObject></foreignObject>`', 'forbiddenTag'),
    bad('html`<p class=${a}></p>`', 'attributeBinding'),
    bad('html`<p class="a ${b} c"></p>`', 'attributeBinding'),
    bad("html`<a\n  href='${a}'\n>x</a>`", 'attributeBinding'),
    bad('html`<p title=${a} class=${b} @click=${c}></p>`', 'attributeBinding', 'attributeBinding'),
    bad('svg`<path d=${a}></path>`', 'attributeBinding'),
    bad('html`<p data-${a}="1"></p>`', 'dynamicName'),
    bad('html`<${tag}></${tag}>`', 'dynamicTag'),
    bad('html`<p style="color: red"></p>`', 'literalStyle'),
    bad('html`<input name="title">`', 'clobbering'),
    bad('html`<x-a slot="title"></x-a>`', 'clobbering'),
    bad('html`<p>${html`<slot></slot>`}</p>`', 'forbiddenTag'),
  ],
});
