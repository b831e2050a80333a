// Package operators says what else has to be read of an object that an operator of another system reconciles. It passes no verdict.
package operators

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/collect/request"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// RequestCanary requests a Canary, whatever was reported of it: OpenChoreo takes it for healthy in each of its phases, because it has no
// condition that OpenChoreo knows, and so reads it every five minutes only. Flagger writes into events alone why it has not begun, and which check of an analysis was not passed
// (flagger v1.36.1 pkg/controller/scheduler.go, recordEventWarningf).
func RequestCanary(k *request.Set, plane facts.Plane, object *unstructured.Unstructured) {
	ref := refOf(plane, object)
	k.RequestObject(ref)
	if live := k.Object(ref); live.Outcome == facts.Found && slices.Contains([]string{"", "Initializing", "Failed"}, kinds.Text(live.Body, "status", "phase")) {
		requestWarnings(k, ref)
	}
}

// RequestIssuance requests what stands between a Certificate that is not Ready and its issuer: the issuer and the CertificateRequest, then that
// one's Order, then the Challenges of an Order that is not valid.
func RequestIssuance(k *request.Set, plane facts.Plane, object *unstructured.Unstructured) {
	certificate := k.Object(refOf(plane, object))
	if certificate.Outcome != facts.Found || kinds.ConditionOf(certificate.Body, kinds.ConditionReady).True() {
		return
	}
	of := func(group, kind, name string) facts.Ref {
		return facts.Ref{Plane: plane, Group: group, Kind: kind, Namespace: certificate.Ref.Namespace, Name: name}
	}
	if kind, name := kinds.IssuerOf(certificate.Body); kind == "ClusterIssuer" {
		k.RequestObject(facts.Ref{Plane: plane, Group: kinds.CertManager, Kind: kind, Name: name})
	} else {
		k.RequestObject(of(kinds.CertManager, "Issuer", name))
	}
	waits := of(kinds.CertManager, "CertificateRequest", kinds.CertificateRequestName(certificate.Body))
	k.RequestObject(waits)
	order := of(kinds.ACME, "Order", kinds.OrderName(k.Object(waits).Body))
	k.RequestObject(order)
	if k.Object(order).Outcome == facts.Found {
		k.RequestList(facts.Query{Plane: plane, Group: kinds.ACME, Kind: "Challenge", Namespace: order.Namespace, Limit: request.ListLimit})
	}
}

// RequestScaledObject requests a ScaledObject unless its own status was reported. OpenChoreo reports that of its HorizontalPodAutoscaler in its
// place, or its own, as chance has it: KEDA gives both the same labels, by which OpenChoreo finds an object (keda v2.20.2 controllers/keda/hpa.go,
// newHPAForScaledObject; openchoreo v1.2.3 internal/controller/renderedrelease/controller_status.go, buildResourceStatus).
func RequestScaledObject(k *request.Set, plane facts.Plane, object, reported *unstructured.Unstructured) {
	if !kinds.ConditionOf(reported, kinds.ConditionReady).Present() {
		k.RequestObject(refOf(plane, object))
	}
}

func refOf(plane facts.Plane, object *unstructured.Unstructured) facts.Ref {
	gvk := object.GroupVersionKind()
	return facts.Ref{Plane: plane, Group: gvk.Group, Kind: gvk.Kind, Namespace: object.GetNamespace(), Name: object.GetName()}
}

func requestWarnings(k *request.Set, ref facts.Ref) {
	k.RequestList(facts.Query{Plane: ref.Plane, Kind: "Event", Namespace: ref.Namespace, Fields: request.WarningsOf(ref.Kind, ref.Name)})
}
