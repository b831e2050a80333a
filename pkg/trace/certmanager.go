package trace

import (
	"fmt"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// judgeCertManager judges the kinds of cert-manager (v1.18 pkg/apis/certmanager/v1, pkg/apis/acme/v1).
func (p *place) judgeCertManager(j *judgement, o facts.Object) *judgement {
	switch o.Ref.Kind {
	case "Certificate":
		return p.judgeCertificate(j, o)
	case "CertificateRequest":
		return p.judgeCertificateRequest(j, o)
	case "Order", "Challenge":
		return p.judgeOrder(j, o)
	}
	return p.judgeConditions(j, o, CodeCertificateNotReady, kinds.ConditionReady)
}

// judgeCertificate: Ready says that the certificate has not expired, but cert-manager does not look at the hour of expiry
// while a renewal is under way, so the hour itself counts (v1.18 internal/controller/certificates/policies).
func (p *place) judgeCertificate(j *judgement, o facts.Object) *judgement {
	ends := kinds.Time(o.Body, "status", "notAfter")
	issuing := kinds.ConditionOf(o.Body, "Issuing")
	if !ends.IsZero() && !p.now.Before(ends) {
		j.Summary = "Certificate expired"
		return j.fail(Finding{
			Code: CodeCertificateNotReady, Since: ends, Message: "the certificate expired at " + ends.UTC().Format(time.RFC3339),
			Hint:     orElse(renewal(issuing), "clients refuse it, whatever its Ready condition says"),
			Evidence: append([]Evidence{{"status.notAfter", ends.UTC().Format(time.RFC3339)}}, quote(issuing)...),
		})
	}
	p.judgeConditions(j, o, CodeCertificateNotReady, kinds.ConditionReady)
	if j.State == OK && issuing.Present() && renewalFails(p, o, issuing) {
		f := conditionFinding(CodeCertificateNotReady, issuing)
		f.Hint = "the present certificate is valid until " + orElse(kinds.Text(o.Body, "status", "notAfter"), "an unknown time") + ", and is not being replaced"
		j.note(Warning, f)
	}
	return j
}

// renewalFails: an issuance that failed is tried again after an hour, and then less and less often (v1.18
// types_certificate.go, lastFailureTime); one that is under way is over in minutes.
func renewalFails(p *place, o facts.Object, issuing kinds.Condition) bool {
	failed := issuing.False() && issuing.Reason != "" && kinds.Text(o.Body, "status", "lastFailureTime") != ""
	return failed || issuing.True() && !p.recent(p.began(o, issuing), issueClock)
}

func renewal(issuing kinds.Condition) string {
	switch {
	case issuing.True() && since(issuing).IsZero():
		return "its renewal is not done"
	case issuing.True():
		return fmt.Sprintf("its renewal is under way since %s, and not done", since(issuing).UTC().Format(time.RFC3339))
	case issuing.False() && issuing.Message != "":
		return "its renewal failed: " + issuing.Message
	}
	return ""
}

// judgeCertificateRequest: Denied and InvalidRequest are final, and are never False.
func (p *place) judgeCertificateRequest(j *judgement, o facts.Object) *judgement {
	for _, name := range []string{"Denied", "InvalidRequest"} {
		if c := kinds.ConditionOf(o.Body, name); c.True() {
			return p.notReady(j, o, CodeCertificateNotReady, c)
		}
	}
	if c := kinds.ConditionOf(o.Body, kinds.ConditionReady); c.False() && c.Reason == "Pending" && p.recent(p.began(o, c), issueClock) {
		return j.wait(p.began(o, c), "CertificateRequest: Pending")
	}
	return p.judgeConditions(j, o, CodeCertificateNotReady, kinds.ConditionReady)
}

// judgeOrder reads the state of an ACME Order or Challenge.
func (p *place) judgeOrder(j *judgement, o facts.Object) *judgement {
	state := kinds.Text(o.Body, "status", "state")
	began := p.madeAt(o)
	switch state {
	case "valid":
		return j.ok("%s valid", o.Ref.Kind)
	case "invalid", "expired", "errored":
	case "":
		if !hasStatus(o) {
			return p.silent(j, o)
		}
		fallthrough
	default:
		if p.recent(began, issueClock) {
			return j.wait(began, "%s %s", o.Ref.Kind, orElse(state, "not started"))
		}
	}
	j.Summary = fmt.Sprintf("%s %s", o.Ref.Kind, orElse(state, "not started"))
	return j.fail(Finding{
		Code: CodeCertificateNotReady, Message: orElse(kinds.Text(o.Body, "status", "reason"), "its state is "+orElse(state, "not known")), Since: began,
		Hint: "the certificate that needs it is not issued", Evidence: []Evidence{{"status.state", state}},
	})
}
