// Package trace judges a facts.Snapshot: it says for every rung of the ladder what state it is in and whether it
// carries the wanted revision, and names the rung where the cause of a failure is. It asks nobody anything: the
// same Snapshot and the same now give the same Trace.
package trace
