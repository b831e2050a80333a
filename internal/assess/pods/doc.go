// Package pods assesses the pods of a component: the rung pod.
package pods
