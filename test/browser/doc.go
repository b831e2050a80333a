// Package browser tests the page of `trace -o html` in a real Chromium. It is a separate module, so that the program does not depend on
// browser automation.
package browser
