package trace

import (
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeClaim: a claim that waits for its first consumer is bound with the pod that uses it.
func (p *place) judgeClaim(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	if phase == string(corev1.ClaimBound) {
		return j.ok("PersistentVolumeClaim")
	}
	made := p.madeAt(o)
	refused := slices.ContainsFunc(p.warnings(o.Ref), func(w warning) bool { return w.reason == "ProvisioningFailed" || w.reason == "FailedBinding" })
	if phase != string(corev1.ClaimLost) && !refused && p.wantsNoPods() {
		return j.ok("PersistentVolumeClaim waits for its first pod")
	}
	if phase != string(corev1.ClaimLost) && !refused && p.recent(made, startClock) {
		return j.wait(made, "PersistentVolumeClaim %s", orElse(lower(phase), "not seen yet"))
	}
	j.Summary = fmt.Sprintf("PersistentVolumeClaim %s", lower(phase))
	f := Finding{
		Code: CodeVolumeClaimPending, Message: fmt.Sprintf("%s is %s", o.Ref, phase), Since: made,
		Hint: "no volume fits it: is its StorageClass there, and does it provision?", Evidence: []Evidence{{"status.phase", phase}},
	}
	return j.fail(p.withEvent(f, o.Ref, "ProvisioningFailed", "FailedBinding"))
}

// wantsNoPods reports whether all workloads of the release are scaled to zero.
func (p *place) wantsNoPods() bool {
	scaled := false
	for _, o := range p.planeObjects() {
		if runs(o.ref) == 0 {
			continue
		}
		if o.live.Outcome != facts.Found || !scalable(o.ref) || replicas(o.live) > 0 {
			return false
		}
		scaled = true
	}
	return scaled
}

func scalable(ref facts.Ref) bool { return ref.Kind == "Deployment" || ref.Kind == "StatefulSet" }
