// Package view is the Snapshot as the assessors of one component and of one of its environments see it.
package view
