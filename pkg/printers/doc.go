// Package printers writes a trace.Trace, and the reports of verify and lint, in every format. It chooses positions, words and
// colours, never truths: every verdict is already in the Trace.
//
// The formats stand in packages of their own below it. Text from outside is escaped by the package escape alone.
package printers
