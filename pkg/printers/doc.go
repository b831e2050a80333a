// Package printers writes a trace.Trace as text or data. It chooses positions, words and colours, never truths: every
// verdict is already in the Trace. It is the one place where text that came from a cluster is escaped, so it trusts
// none of it.
//
// The data form (json, yaml) is a contract, kubectl-choreo.dev/v1alpha1; docs/json.md says what each field means.
package printers
