// Package answer builds what a tool returns: text or data within a limit of tokens, with text from outside marked as data.
package answer
