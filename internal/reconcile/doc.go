// Package reconcile pushes delivering objects through in the order in which they wait for each other, and knows when each is
// really done: the tokens, the waves.
//
// Package plan makes the Graph, and judges it before the first write; Run asks. Within Run, everything that is decided is decided by
// step, a function of the graph, the newest objects, what was written so far, and the time. The loop around it only waits for a
// change or the next deadline, and writes annotations.
package reconcile
