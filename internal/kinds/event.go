package kinds

import (
	"cmp"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// EventRevision is the annotation in which kustomize-controller records the revision of an event (fluxcd/pkg/apis/kustomize
// meta; kustomize-controller v1.9.3 kustomization_controller.go).
const EventRevision = FluxKustomize + "/revision"

// SourceEventRevision is the same of source-controller (source-controller v1.9.3 internal/controller/gitrepository_controller.go).
const SourceEventRevision = FluxSource + "/revision"

// EventRevisionOf returns the revision that a controller of Flux has recorded in an event; "" if there is none.
func EventRevisionOf(event *unstructured.Unstructured) string {
	return cmp.Or(Annotation(event, EventRevision), Annotation(event, SourceEventRevision))
}

// EventTime is the time of the last occurrence of an Event. An Event of the old API has lastTimestamp, one of the new API a
// series or an eventTime (Kubernetes v1.36 staging/src/k8s.io/api/core/v1/types.go).
func EventTime(event *unstructured.Unstructured) time.Time {
	for _, path := range [][]string{{"series", "lastObservedTime"}, {"lastTimestamp"}, {"eventTime"}, {"metadata", "creationTimestamp"}} {
		if t := Time(event, path...); !t.IsZero() {
			return t
		}
	}
	return time.Time{}
}
