// Package offline builds kustomizations as kustomize-controller does, from a checkout in memory. It makes no connection, runs no
// program, reads nothing outside of the checkout and writes no file: everything remote is left out and reported, and the file system
// refuses it. What a hostile repository would make endless is stopped.
package offline
