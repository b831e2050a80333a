// Package certificates assesses the objects of cert-manager: Certificates, and what stands between one and its issuer. No Secret is read.
package certificates

import (
	"cmp"
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/conditions"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/result"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// AssessCertificate assesses a Certificate. Ready reports that the certificate has not expired, but cert-manager does not reconcile at the
// hour of expiry while a renewal is under way, so the hour itself counts (v1.18 internal/controller/certificates/policies).
func AssessCertificate(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	ends := kinds.Time(o.Body, "status", "notAfter")
	issuing := kinds.ConditionOf(o.Body, "Issuing")
	if !ends.IsZero() && !p.Now.Before(ends) {
		j.Summary = "Certificate expired"
		return j.Fail(trace.Finding{
			Code: trace.CodeCertificateNotReady, Since: ends, Message: "the certificate expired at " + ends.UTC().Format(time.RFC3339),
			Hint:     cmp.Or(renewal(issuing), "clients reject it, even if its Ready condition is True"),
			Evidence: append([]trace.Evidence{{Path: "status.notAfter", Value: ends.UTC().Format(time.RFC3339)}}, view.ConditionEvidence(issuing)...),
		})
	}
	ready := kinds.ConditionOf(o.Body, kinds.ConditionReady)
	if ready.False() && ready.Current(o.Body) && issuanceFailed(o, issuing) {
		return notIssued(p, j, o, issuing)
	}
	conditions.Assess(p, j, o, trace.CodeCertificateNotReady, kinds.ConditionReady)
	if j.State == trace.Failed && ready.False() && ready.Current(o.Body) {
		blame(p, &j.Findings[len(j.Findings)-1], o)
	}
	if j.State == trace.OK && issuing.Present() && renewalFails(p, o, issuing) {
		f := conditions.Finding(o.Ref.Kind, trace.CodeCertificateNotReady, issuing)
		f.Hint = "the current certificate is valid until " + cmp.Or(kinds.Text(o.Body, "status", "notAfter"), "an unknown time") + ", and is not being renewed"
		j.Note(trace.Warning, f)
	}
	return j
}

// renewalFails: an issuance that failed is tried again after an hour, and then less and less often (v1.18
// types_certificate.go, lastFailureTime); one that is under way is over in minutes.
func renewalFails(p *view.Environment, o facts.Object, issuing kinds.Condition) bool {
	return issuanceFailed(o, issuing) || issuing.True() && !p.Within(p.StartedAt(o, issuing), view.IssueTimeout)
}

func renewal(issuing kinds.Condition) string {
	switch {
	case issuing.True() && view.LastTransition(issuing).IsZero():
		return "its renewal has not finished"
	case issuing.True():
		return fmt.Sprintf("its renewal started at %s and has not finished", view.LastTransition(issuing).UTC().Format(time.RFC3339))
	case issuing.False() && issuing.Message != "":
		return "its renewal failed: " + issuing.Message
	}
	return ""
}

// AssessCertificateRequest assesses a CertificateRequest. Denied and InvalidRequest are final, and are never False.
func AssessCertificateRequest(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	for _, name := range []string{"Denied", "InvalidRequest"} {
		if c := kinds.ConditionOf(o.Body, name); c.True() {
			return conditions.NotReady(j, o, trace.CodeCertificateNotReady, c)
		}
	}
	if c := kinds.ConditionOf(o.Body, kinds.ConditionReady); c.False() && c.Reason == "Pending" && p.Within(p.StartedAt(o, c), view.IssueTimeout) {
		return j.Wait(p.StartedAt(o, c), "CertificateRequest: Pending")
	}
	return conditions.Assess(p, j, o, trace.CodeCertificateNotReady, kinds.ConditionReady)
}

// AssessOrder reads the state of an ACME Order or Challenge.
func AssessOrder(p *view.Environment, j *result.Result, o facts.Object) *result.Result {
	state := kinds.Text(o.Body, "status", "state")
	began := p.MadeAt(o)
	switch state {
	case "valid":
		return j.OK("%s valid", o.Ref.Kind)
	case "invalid", "expired", "errored":
	case "":
		if !conditions.HasStatus(o) {
			return conditions.ControllerSilent(p, j, o)
		}
		fallthrough
	default:
		if p.Within(began, view.IssueTimeout) {
			return j.Wait(began, "%s %s", o.Ref.Kind, cmp.Or(state, "not started"))
		}
	}
	j.Summary = fmt.Sprintf("%s %s", o.Ref.Kind, cmp.Or(state, "not started"))
	return j.Fail(trace.Finding{
		Code: trace.CodeCertificateNotReady, Message: cmp.Or(kinds.Text(o.Body, "status", "reason"), "its state is "+cmp.Or(state, "not known")), Since: began,
		Hint: "the certificate that needs it is not issued", Evidence: []trace.Evidence{{Path: "status.state", Value: state}},
	})
}
