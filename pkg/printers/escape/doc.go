// Package escape makes text from outside harmless: for a terminal and the logs of CI systems, and within JSON, Markdown, Mermaid, DOT
// and workflow commands. Nothing else escapes. Text from a cluster, a repository or a registry passes through it before it is printed.
package escape
