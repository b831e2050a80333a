// Package graph draws a trace in the languages of Mermaid and Graphviz.
package graph
