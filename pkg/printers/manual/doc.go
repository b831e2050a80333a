// Package manual writes the pages of the findings, and lists of their codes, for a terminal.
package manual
