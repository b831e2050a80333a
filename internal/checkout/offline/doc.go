// Package offline builds kustomizations like kustomize-controller, from a checkout in memory. It makes no connection, runs no
// program, reads nothing outside the checkout and writes no file. Remote entries are removed and reported, and the file system
// rejects them. Limits stop builds that a hostile repository would make endless.
package offline
