// Package health assesses an object of the data plane by its kind.
package health
