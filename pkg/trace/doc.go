// Package trace defines the result of an assessment: for each rung of the ladder, its state, whether it has the wanted revision,
// and the findings that explain it. Package assess creates it, package verify gates on it, package printers prints it.
package trace
