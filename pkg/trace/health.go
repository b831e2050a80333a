package trace

import (
	"fmt"
	"slices"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeKind judges an object of the plane by the rules of its kind, from the object itself or from what was reported.
func (p *place) judgeKind(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Group {
	case kinds.Apps:
		return p.judgeApps(j, o)
	case kinds.Batch:
		return p.judgeBatch(j, o)
	case kinds.GatewayAPI:
		return p.judgeGatewayAPI(j, o)
	case kinds.Autoscaling:
		return p.judgeAutoscaler(j, o)
	case kinds.ExternalSecrets, kinds.SealedSecrets:
		return p.judgeSecrets(j, o)
	case kinds.ArgoCD, kinds.Flagger:
		return p.judgeProgressive(j, o)
	case kinds.KubeVela:
		return p.judgeVela(j, o)
	case kinds.Core:
		if o.Ref.Kind == "PersistentVolumeClaim" {
			return p.judgeClaim(j, o)
		}
	}
	return p.judgeConditions(j, o, specialCode(o.Ref), "Ready", "Available", "Synced", "Healthy")
}

func (p *place) judgeApps(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "Deployment":
		return p.judgeDeployment(j, o)
	case "StatefulSet":
		return p.judgeStatefulSet(j, o)
	case "DaemonSet":
		return p.judgeDaemonSet(j, o)
	}
	return p.judgeConditions(j, o, CodeResourceNotReady, "Ready", "Available")
}

func (p *place) judgeBatch(j *judgement, o facts.Object) *judgement {
	if o.Ref.Kind == "CronJob" {
		return p.judgeCronJob(j, o)
	}
	return p.judgeJob(j, o)
}

func specialCode(ref facts.Ref) Code {
	switch ref.Group {
	case kinds.CertManager:
		return CodeCertificateNotReady
	case kinds.KEDA, kinds.KEDAHTTP:
		return CodeAutoscalerFailing
	}
	return CodeResourceNotReady
}

// judgeConditions is for every kind without rules of its own: the first of the standard conditions that it has decides. A
// kind without conditions is what it is declared to be once it exists.
func (p *place) judgeConditions(j *judgement, o facts.Object, code Code, names ...string) *judgement {
	for _, name := range names {
		c := kinds.ConditionOf(o.Body, name)
		switch {
		case !c.Present():
			continue
		case c.True():
			j.Since = since(c)
			return j.ok("%s", o.Ref.Kind)
		case c.False() && !p.within(since(c), startClock), c.False() && terminalReason(c.Reason):
			j.Summary = fmt.Sprintf("%s: %s", o.Ref.Kind, orElse(c.Reason, "not "+name))
			return j.fail(Finding{
				Code: code, Message: orElse(c.Message, c.Reason), Since: since(c), Evidence: quote(c),
				Hint: "OpenChoreo calls this kind healthy as soon as it exists",
			})
		}
		return j.wait(since(c), "%s: %s", o.Ref.Kind, orElse(c.Reason, "not "+name+" yet"))
	}
	return j.ok("%s", o.Ref.Kind)
}

// terminalReason: reasons with which the common operators say that they do not expect to heal by themselves.
func terminalReason(reason string) bool {
	switch reason {
	case "SecretSyncedError", "SecretMissing", "InvalidProviderConfig", "ValidationFailed", "InvalidStoreConfiguration",
		"InstallFailed", "UpgradeFailed", "ScaledObjectCheckFailed", "Failed", "Error":
		return true
	}
	return false
}

// judgeClaim: a claim that waits for its first consumer is bound with the pod that uses it.
func (p *place) judgeClaim(j *judgement, o facts.Object) *judgement {
	phase := kinds.Text(o.Body, "status", "phase")
	if phase == "Bound" {
		return j.ok("PersistentVolumeClaim")
	}
	made := createdAt(o)
	if made.IsZero() {
		made = p.appliedAt()
	}
	refused := slices.ContainsFunc(p.warnings(o.Ref), func(w warning) bool { return w.reason == "ProvisioningFailed" || w.reason == "FailedBinding" })
	if phase != "Lost" && !refused && p.within(made, startClock) {
		return j.wait(made, "PersistentVolumeClaim %s", orElse(lower(phase), "not seen yet"))
	}
	j.Summary = fmt.Sprintf("PersistentVolumeClaim %s", lower(phase))
	f := Finding{
		Code: CodeVolumeClaimPending, Message: fmt.Sprintf("%s is %s", o.Ref, phase), Since: made,
		Hint: "no volume fits it: is its StorageClass there, and does it provision?", Evidence: []Evidence{{"status.phase", phase}},
	}
	return j.fail(p.withEvent(f, o.Ref, "ProvisioningFailed", "FailedBinding"))
}
