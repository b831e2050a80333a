// Package command formats commands that can be pasted into a shell: what comes from a cluster is quoted.
package command
