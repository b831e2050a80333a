package certificates

import (
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// issuanceFailed: cert-manager writes Issuing=False where a CertificateRequest has failed permanently (v1.21.2
// pkg/controller/certificates/issuing/issuing_controller.go, failIssueCertificate).
func issuanceFailed(o facts.Object, issuing kinds.Condition) bool {
	return issuing.False() && issuing.Reason != "" && kinds.Text(o.Body, "status", "lastFailureTime") != ""
}

// notIssued: Ready says of every Certificate without a Secret that it is being issued, also after a failure. Issuing has the reason.
func notIssued(p *view.Environment, j *result.Result, o facts.Object, issuing kinds.Condition) *result.Result {
	f := conditions.Finding(o.Ref.Kind, trace.CodeCertificateNotReady, issuing)
	f.Hint = "cert-manager retries one hour after the first failure, later each time, or at once when the spec changes"
	blame(p, &f, o)
	return j.FailWithCode(o.Ref.Kind, f)
}

// blame leads a Certificate that is not issued to what holds it up: its issuer, or else its CertificateRequest, that one's Order, and the Order's
// Challenge. The Certificate itself says only that its Secret does not exist.
func blame(p *view.Environment, f *trace.Finding, o facts.Object) {
	request := p.Object(beside(o, kinds.CertManager, "CertificateRequest", kinds.CertificateRequestName(o.Body)))
	issuer := p.Object(issuerOf(o))
	ready := kinds.ConditionOf(issuer.Body, kinds.ConditionReady)
	switch {
	case issuer.Outcome == facts.Absent && p.IsExpectedPlane():
		f.Object, f.Path = issuer.Ref, []facts.Ref{o.Ref}
		f.Hint = p.CreateOrCorrect(issuer.Ref, "spec.issuerRef of the Certificate")
		if pending := kinds.ConditionOf(request.Body, kinds.ConditionReady); pending.Message != "" {
			f.Message, f.Evidence = pending.Message, view.ConditionEvidence(pending)
		}
	case ready.False() && ready.Current(issuer.Body):
		f.Object, f.Path = issuer.Ref, []facts.Ref{o.Ref}
		f.Message, f.Since, f.Evidence = ready.Message, view.LastTransition(ready), view.ConditionEvidence(ready)
		f.Hint = "until this issuer is ready, it issues no Certificate: " + issuerFix(issuer, ready.Message)
	case request.Outcome == facts.Found:
		blameRequest(p, f, o, request)
	}
}

func blameRequest(p *view.Environment, f *trace.Finding, o, request facts.Object) {
	ready := kinds.ConditionOf(request.Body, kinds.ConditionReady)
	if !ready.False() {
		return
	}
	f.Object, f.Path = request.Ref, []facts.Ref{o.Ref}
	f.Message, f.Since, f.Evidence = ready.Message, view.LastTransition(ready), view.ConditionEvidence(ready)
	order := p.Object(beside(o, kinds.ACME, "Order", kinds.OrderName(request.Body)))
	if order.Outcome != facts.Found {
		return
	}
	f.Object, f.Path = order.Ref, append(f.Path, request.Ref)
	state := kinds.Text(order.Body, "status", "state")
	if reason := kinds.Text(order.Body, "status", "reason"); reason != "" {
		f.Message = reason
		f.Hint = "the ACME server does not issue the certificate: if it refuses a name, correct spec.dnsNames of the Certificate"
	}
	f.Evidence = []trace.Evidence{{Path: "status.state", Value: state}}
	for _, challenge := range p.Of(o.Ref.Plane, kinds.ACME, "Challenge") {
		reason := kinds.Text(challenge.Body, "status", "reason")
		if challenge.Ref.Namespace != order.Ref.Namespace || !ownedBy(challenge, order) || reason == "" {
			continue
		}
		f.Object, f.Path, f.Message = challenge.Ref, append(f.Path, order.Ref), reason
		f.Evidence = []trace.Evidence{{Path: "status.state", Value: kinds.Text(challenge.Body, "status", "state")}}
		f.Hint, f.Fix = "the ACME server does not issue the certificate before this challenge is valid", trace.FixOutside
		return
	}
}

func beside(certificate facts.Object, group, kind, name string) facts.Ref {
	return facts.Ref{Plane: certificate.Ref.Plane, Group: group, Kind: kind, Namespace: certificate.Ref.Namespace, Name: name}
}

func issuerOf(certificate facts.Object) facts.Ref {
	kind, name := kinds.IssuerOf(certificate.Body)
	ref := beside(certificate, kinds.CertManager, kind, name)
	if kind == "ClusterIssuer" {
		ref.Namespace = ""
	}
	return ref
}

func ownedBy(o, owner facts.Object) bool {
	return slices.ContainsFunc(o.Body.GetOwnerReferences(), func(r metav1.OwnerReference) bool { return r.UID == owner.Body.GetUID() })
}
