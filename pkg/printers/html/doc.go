// Package html writes a trace as one page that loads nothing and runs nothing.
package html
