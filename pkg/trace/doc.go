// Package trace is the result of an assessment: for each rung of the ladder, its state, whether it carries the wanted revision,
// and the findings that say why. Package assess makes it, package verify gates on it, package printers prints it.
package trace
