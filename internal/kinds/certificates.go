package kinds

import (
	"cmp"
	"regexp"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// orderNamed matches the two messages of a CertificateRequest that waits for its Order, or has failed with it (cert-manager v1.21.2
// pkg/controller/certificaterequests/acme/acme.go, Sign).
var orderNamed = regexp.MustCompile(`from order [^/ ]+/([^ :"]+)|order resource "([^"]+)"`)

// CertificateRequestName is the name of the CertificateRequest for the next revision of a Certificate; it is longer than that for a name of
// more than 233 characters (cert-manager v1.21.2 pkg/controller/certificates/requestmanager/requestmanager_controller.go).
func CertificateRequestName(certificate *unstructured.Unstructured) string {
	revision, _ := Number(certificate, "status", "revision")
	return certificate.GetName() + "-" + strconv.FormatInt(revision+1, 10)
}

// IssuerOf is the kind and the name of the issuer of a Certificate; "" for one of another group, which cert-manager does not know itself.
func IssuerOf(certificate *unstructured.Unstructured) (kind, name string) {
	if cmp.Or(Text(certificate, "spec", "issuerRef", "group"), CertManager) != CertManager {
		return "", ""
	}
	return cmp.Or(Text(certificate, "spec", "issuerRef", "kind"), "Issuer"), Text(certificate, "spec", "issuerRef", "name")
}

// OrderName is the name of the Order that a CertificateRequest waits for, or "".
func OrderName(request *unstructured.Unstructured) string {
	found := orderNamed.FindStringSubmatch(ConditionOf(request, ConditionReady).Message)
	if found == nil {
		return ""
	}
	return cmp.Or(found[1], found[2])
}
