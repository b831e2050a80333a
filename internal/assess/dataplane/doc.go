// Package dataplane assesses what a release has put on the data plane: the rungs resource and endpoint.
package dataplane
