// Package browser tests the page of `trace -o html` in a real Chromium. It is a module of its own, so that the program needs
// nothing of what drives a browser.
package browser
