// Package eventlist writes the events about the objects of a ladder: as a table in the order of time, and as data.
package eventlist
