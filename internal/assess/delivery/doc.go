// Package delivery assesses how a component comes from Git: the rungs git, source and delivery.
package delivery
