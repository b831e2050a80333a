// Package data writes documents as JSON and YAML. Its form, kubectl-choreo.dev/v1alpha1, is a contract; docs/json.md defines what each field
// means.
package data
