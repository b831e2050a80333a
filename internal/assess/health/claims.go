package health

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"

	corev1 "k8s.io/api/core/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/events"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// assessClaim: a claim that waits for its first consumer is bound with the pod that uses it. The API server sets the phase Pending
// (Kubernetes v1.36 pkg/registry/core/persistentvolumeclaim/strategy.go, PrepareForCreate).
func assessClaim(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	phase := cmp.Or(kinds.Text(o.Body, "status", "phase"), string(corev1.ClaimPending))
	if phase == string(corev1.ClaimBound) {
		return j.OK("PersistentVolumeClaim")
	}
	made := p.MadeAt(o)
	refused := slices.ContainsFunc(p.Warnings(o.Ref), func(w events.Warning) bool {
		return w.Reason == kinds.ReasonProvisioningFailed || w.Reason == kinds.ReasonFailedBinding
	})
	if phase != string(corev1.ClaimLost) && !refused && wantsNoPods(p) {
		return j.OK("PersistentVolumeClaim waits for its first pod")
	}
	if phase != string(corev1.ClaimLost) && !refused && p.Within(made, view.StartTimeout) {
		return j.Wait(made, "PersistentVolumeClaim %s", result.Lower(phase))
	}
	j.Summary = fmt.Sprintf("PersistentVolumeClaim %s", result.Lower(phase))
	f := trace.Finding{
		Code: trace.CodeVolumeClaimPending, Message: fmt.Sprintf("%s is %s", o.Ref, phase), Since: made,
		Hint: "no volume is bound to it: check that its StorageClass exists and that its provisioner runs", Evidence: []trace.Evidence{{Path: "status.phase", Value: phase}},
	}
	f = p.WithEvent(f, o.Ref, kinds.ReasonProvisioningFailed, kinds.ReasonFailedBinding)
	if class := missingClass.FindStringSubmatch(f.Message); class != nil {
		f.Hint = fmt.Sprintf("StorageClass %s does not exist: correct storageClassName in Git, or create the StorageClass", class[1])
	}
	return j.Fail(f)
}

// missingClass is how the controller of claims reports a StorageClass that does not exist (Kubernetes v1.36
// pkg/controller/volume/persistentvolume).
var missingClass = regexp.MustCompile(`^storageclass\.storage\.k8s\.io "([^"]+)" not found`)

// wantsNoPods reports whether all workloads of the release are scaled to zero.
func wantsNoPods(p *view.Environment) bool {
	scaled := false
	for _, o := range p.PlaneObjects() {
		if !view.RunsPods(o.Ref) {
			continue
		}
		if o.Live.Outcome != facts.Found || !scalable(o.Ref) || view.Replicas(o.Live) > 0 {
			return false
		}
		scaled = true
	}
	return scaled
}

func scalable(ref facts.Ref) bool { return ref.Kind == "Deployment" || ref.Kind == "StatefulSet" }
