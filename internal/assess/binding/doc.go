// Package binding assesses what one environment has of a component on the control plane: the rungs environment, cell,
// binding and rendered.
package binding
