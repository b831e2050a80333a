package binding_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/assesstest"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/binding"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/delivery"
	"github.com/kubectl-choreo/kubectl-choreo/internal/assess/view"
	"github.com/kubectl-choreo/kubectl-choreo/internal/engines"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/trace"
)

// anchor is a self-signed authority in PEM that is valid from and until so long after now.
func anchor(t *testing.T, now time.Time, from, until time.Duration) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: now.Add(from), NotAfter: now.Add(until), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
}

// TestAgentCertificates: the bundle of an agent holds for as long as its last valid certificate does.
func TestAgentCertificates(t *testing.T) {
	t.Parallel()
	healthy := assesstest.Healthy(t)
	const year = 365 * 24 * time.Hour
	now := assesstest.Healthy(t).TakenAt
	valid := anchor(t, now, -year, year)
	expired := anchor(t, now, -year, -time.Hour)
	expiring := anchor(t, now, -year, 24*time.Hour)
	later := anchor(t, now, time.Hour, year)
	other := string(pem.EncodeToMemory(&pem.Block{Type: "EC PARAMETERS", Bytes: []byte{1}}))
	broken := string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: []byte{1}}))
	for name, c := range map[string]struct {
		bundle    string
		connected bool
		want      trace.Severity
	}{
		"Valid":                 {valid, true, ""},
		"Expired":               {expired, false, trace.Error},
		"ExpiredWhileConnected": {expired, true, trace.Warning},
		"Expiring":              {expiring, true, trace.Warning},
		"ExpiredBeforeValid":    {expired + valid, false, ""},
		"ValidBeforeExpired":    {valid + expired, false, ""},
		"ExpiredAndExpiring":    {expired + expiring, false, trace.Warning},
		"ExpiringAndValid":      {expiring + valid, true, ""},
		"ExpiredAndNotYetValid": {expired + later, false, trace.Error},
		"TwoExpired":            {expired + expired, false, trace.Error},
		"OtherBlocks":           {other + broken + "text\n" + valid, true, ""},
		"NoCertificate":         {"text", true, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := healthy.Copy(t)
			plane := w.One("ClusterDataPlane", "")
			w.Set(plane, c.bundle, "spec", "clusterAgent", "clientCA", "value")
			w.Set(plane, c.connected, "status", "agentConnection", "connected")
			var got trace.Severity
			for _, f := range binding.AssessEnvironment(delivery.Resolve(view.New(w.Snapshot, w.TakenAt, engines.All())).EnvironmentOf("development")).Findings {
				if f.Code == trace.CodeAgentCertificateExpired {
					got = f.Severity
				}
			}
			if got != c.want {
				t.Errorf("severity %q, want %q", got, c.want)
			}
		})
	}
	if !strings.HasPrefix(valid, "-----BEGIN CERTIFICATE-----") {
		t.Error("the test's certificate is none")
	}
}
