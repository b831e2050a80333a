// Package plan determines the order of reconciliation: a Graph of delivering objects from a Snapshot. The preflight checks the
// Graph before the first write.
package plan
