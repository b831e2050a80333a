// Package result is a rung while it is assessed: its state, its findings, and what the rungs below inherit.
package result
