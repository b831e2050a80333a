package certificates_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/assess"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// The statuses are those of cert-manager v1.21.2. Ready says of each Certificate without a Secret the same.
const (
	certificate = `apiVersion: cert-manager.io/v1
kind: Certificate
metadata: {name: shop}
spec: {issuerRef: {name: ours}}
status: {MORE conditions: [{type: Ready, status: "False", reason: DoesNotExist, message: Issuing certificate as Secret does not exist, lastTransitionTime: <AGE>}, ISSUING]}`
	underWay  = `{type: Issuing, status: "True", reason: DoesNotExist, message: Issuing certificate as Secret does not exist, lastTransitionTime: <AGE>}`
	hasFailed = `{type: Issuing, status: "False", reason: Failed, message: "The certificate request has failed to complete and will be retried: rejected", lastTransitionTime: <AGE>}`
)

func written(age, more, issuing string) string {
	return strings.ReplaceAll(strings.Replace(strings.Replace(certificate, "MORE", more, 1), "ISSUING", issuing, 1), "AGE", age)
}

// TestIssuanceFailed: an issuance that has failed is tried again after an hour, and is not waited for.
func TestIssuanceFailed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text, message string
		failed        bool
	}{
		"UnderWay":         {written("1m", "", underWay), "", false},
		"UnderWayForLong":  {written("1h", "", underWay), "Issuing certificate as Secret does not exist", true},
		"Failed":           {written("1m", "lastFailureTime: <1m>,", hasFailed), "The certificate request has failed to complete and will be retried: rejected", true},
		"FailedAndRetried": {written("1m", "lastFailureTime: <1h>,", underWay), "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			w.Releases(c.text, true)
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if (got != nil) != c.failed || got != nil && (got.Code != trace.CodeCertificateNotReady || got.Message != c.message) {
				t.Errorf("failing %+v, want %q", got, c.message)
			}
		})
	}
}

// TestWhatHoldsACertificateUp: the first thing on the way to the issuer that says why.
func TestWhatHoldsACertificateUp(t *testing.T) {
	t.Parallel()
	const pending = `apiVersion: cert-manager.io/v1
kind: CertificateRequest
metadata: {name: shop-1, uid: r}
status: {conditions: [{type: Ready, status: "False", reason: Pending, message: %q, lastTransitionTime: <1h>}]}`
	const order = "apiVersion: acme.cert-manager.io/v1\nkind: Order\nmetadata: {name: shop-1-77, uid: o}\nstatus: {state: %s}"
	const challenge = "apiVersion: acme.cert-manager.io/v1\nkind: Challenge\nmetadata: {name: c, uid: c, ownerReferences: [{apiVersion: acme.cert-manager.io/v1, kind: Order, name: shop-1-77, uid: %s}]}\nstatus: {state: pending, reason: no such host}"
	const issuer = "apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: ours}\nstatus: {conditions: [{type: Ready, status: %q, reason: R, message: no account, lastTransitionTime: <2h>}]}"
	waits := fmt.Sprintf(pending, `Waiting on certificate issuance from order cell/shop-1-77: "pending"`)
	ready := fmt.Sprintf(issuer, "True")
	for name, c := range map[string]struct {
		beside              []string
		kind, message, hint string
	}{
		"IssuerNotReady":     {[]string{fmt.Sprintf(issuer, "False"), fmt.Sprintf(pending, "Referenced issuer does not have a Ready status condition")}, "Issuer", "no account", "until this issuer is ready, it issues no Certificate: correct"},
		"Request":            {[]string{ready, fmt.Sprintf(pending, "not approved yet")}, "CertificateRequest", "not approved yet", ""},
		"Order":              {[]string{ready, waits, fmt.Sprintf(order, "errored, reason: refused")}, "Order", "refused", "correct spec.dnsNames"},
		"OrderWithoutReason": {[]string{ready, waits, fmt.Sprintf(order, "pending")}, "Order", "Waiting on certificate issuance", ""},
		"Challenge":          {[]string{ready, waits, fmt.Sprintf(order, "pending"), fmt.Sprintf(challenge, "o")}, "Challenge", "no such host", "before this challenge is valid"},
		"OtherChallenge":     {[]string{ready, waits, fmt.Sprintf(order, "pending"), fmt.Sprintf(challenge, "other")}, "Order", "Waiting on certificate issuance", ""},
		"OtherRequest":       {[]string{ready, strings.Replace(waits, "shop-1,", "shop-2,", 1)}, "Certificate", "Issuing certificate as Secret does not exist", ""},
		"NotRead":            {nil, "Certificate", "Issuing certificate as Secret does not exist", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := world(t)
			w.Releases(written("1h", "", underWay), true)
			for _, text := range c.beside {
				w.Put(w.PlaneObject(text).Live)
			}
			got := assess.Assess(w.Snapshot, w.TakenAt).Failing
			if got == nil || got.Object.Kind != c.kind || !strings.Contains(got.Message, c.message) || !strings.Contains(got.Hint, c.hint) {
				t.Errorf("failing %+v; want %s, %q, %q", got, c.kind, c.message, c.hint)
			}
		})
	}
}

// TestIssuerAbsent: that it does not exist was read, and is not only what the request says.
func TestIssuerAbsent(t *testing.T) {
	t.Parallel()
	for kind, namespaced := range map[string]bool{"Issuer": true, "ClusterIssuer": false} {
		w := world(t)
		certificate := w.Releases(strings.Replace(written("1h", "", underWay), "{name: ours}", "{name: ours, kind: "+kind+"}", 1), true)
		ref := facts.Ref{Plane: certificate.Plane, Group: certificate.Group, Kind: kind, Name: "ours"}
		if namespaced {
			ref.Namespace = certificate.Namespace
		}
		w.Put(facts.Object{Ref: ref, Outcome: facts.Absent})
		if got := assess.Assess(w.Snapshot, w.TakenAt).Failing; got == nil || got.Object != ref || !strings.Contains(got.Hint, " does not exist: if one with another name is meant, correct spec.issuerRef of the Certificate, otherwise create it") {
			t.Errorf("failing %+v, want %s", got, ref)
		}
		for _, c := range [][2]string{{"unlike", "otherwise create it"}, {"our", " does not exist, but Issuer " + certificate.Namespace + "/our does: correct spec.issuerRef of the Certificate"}} {
			w.Put(w.PlaneObject("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: " + c[0] + "}").Live)
			if got := assess.Assess(w.Snapshot, w.TakenAt).Failing; got == nil || !strings.Contains(got.Hint, c[1]) {
				t.Errorf("%s beside %s: %+v, want %q", c[0], ref, got, c[1])
			}
		}
	}
}

func world(t *testing.T) assesstest.World {
	t.Helper()
	w := assesstest.Healthy(t)
	w.Aged(time.Hour)
	w.Condition(w.One("RenderedRelease", "greeter-service-development"), time.Hour, "ResourcesApplied", "True", "ApplySucceeded", "")
	w.Condition(w.DevPod(), time.Hour, "Ready", "True", "", "")
	return w
}
