package kinds

import "testing"

func TestGateController(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		"target-health.elbv2.k8s.aws/k8s-shop-cart-1a2b":  "the AWS Load Balancer Controller",
		"target-health.alb.ingress.k8s.aws/cart_tg_80":    "the AWS Load Balancer Controller",
		"cloud.google.com/load-balancer-neg-ready":        "the NEG controller of GKE",
		"cloud.google.com/other":                          "the controller for condition cloud.google.com/other",
		"InPlaceUpdateReady":                              "OpenKruise",
		"example.com/gate":                                "the controller for condition example.com/gate",
		"target-health.elbv2.k8s.aws.example.com/of-ours": "the controller for condition target-health.elbv2.k8s.aws.example.com/of-ours",
	} {
		if got := GateController(condition); got != want {
			t.Errorf("%s: %q, want %q", condition, got, want)
		}
	}
}
