// Package component assesses what a component is on the control plane: the rungs project, component and workload.
package component
