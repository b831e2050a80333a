// Package verify decides whether a trace passes a gate, what may still change by waiting, and which failures of many
// components are one.
//
// It judges traces: package assess has assessed what a cluster reports. Nothing here reads a clock, a file or a cluster.
package verify
