package view

import (
	"time"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// AppliedAt is when OpenChoreo applied what the plane has, as far as the RenderedRelease shows.
func (p *Environment) AppliedAt() time.Time {
	return LastTransition(kinds.ConditionOf(p.Rendered.Body, kinds.ConditionResourcesApplied))
}

// PodsMoved is the newest time at which a pod is known to have been made, or to have become ready or unready; of pods that
// cannot be seen, when OpenChoreo found them not ready.
func (p *Environment) PodsMoved() time.Time {
	moved := Latest(p.AppliedAt(), p.LastChange(p.Rendered))
	if c := kinds.ConditionOf(p.Binding.Body, kinds.ConditionResourcesReady); !c.True() {
		moved = Latest(moved, LastTransition(c))
	}
	for _, pod := range p.Pods() {
		moved = Latest(moved, CreatedAt(pod), LastTransition(kinds.ConditionOf(pod.Body, corev1.PodReady)))
	}
	return moved
}

// StartedAt is when a condition took its status at the latest: KEDA writes no times, and then it is not older than its object.
func (p *Environment) StartedAt(o facts.Object, c kinds.Condition) time.Time {
	if t := LastTransition(c); !t.IsZero() {
		return t
	}
	return p.MadeAt(o)
}

// MadeAt is when the object was created. A report does not say; then it is not older than the newest change of its release.
func (p *Environment) MadeAt(o facts.Object) time.Time {
	if t := CreatedAt(o); !t.IsZero() {
		return t
	}
	return Latest(p.AppliedAt(), p.LastChange(p.Rendered))
}
