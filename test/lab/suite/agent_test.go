package suite

import (
	"strings"
	"testing"
)

// TestInAnswer: an answer that lacks one of the facts does not count.
func TestInAnswer(t *testing.T) {
	t.Parallel()
	const complete = "Notice\nFailed at: pod (development). Code: OOMKilled, since 2s\nObject:\n| Pod dp/cart-shop, on data plane prod\nMessage:\n| x\n" +
		"Next commands, for the user to run:\nas developer:\n  kubectl logs cart-shop\nCauses and fix: tool explain with code OOMKilled\n"
	w := Want{Rung: "pod", Environment: "development", Code: "OOMKilled", Kind: "Pod", Object: "cart-TENANT"}
	anyPod, none := w, w
	anyPod.Object = "*"
	none.Kind, none.Object = "Workload", ""
	withoutName := strings.Replace(complete, "Pod dp/cart-shop, on data plane prod", "Workload in namespace shop", 1)
	for _, err := range []error{w.InAnswer(complete, false, "shop"), anyPod.InAnswer(complete, false, "inn"), none.InAnswer(withoutName, false, "shop")} {
		if err != nil {
			t.Error(err)
		}
	}
	for name, text := range map[string]string{
		"Rung":        strings.Replace(complete, "pod (", "resource (", 1),
		"Environment": strings.Replace(complete, " (development)", "", 1),
		"Code":        strings.Replace(complete, "OOMKilled,", "OOMKilledTwice,", 1),
		"Kind":        strings.Replace(complete, "| Pod", "| Service", 1),
		"Name":        strings.Replace(complete, "dp/cart-shop", "dp/other-cart-shop", 1),
		"Object":      strings.Replace(complete, "Object:\n", "", 1),
		"Next":        strings.Replace(complete, "  kubectl logs cart-shop\n", "", 1),
		"Long":        complete + strings.Repeat("word ", 1500),
	} {
		if w.InAnswer(text, false, "shop") == nil {
			t.Errorf("%s: it counts", name)
		}
	}
	if w.InAnswer(complete, true, "shop") == nil {
		t.Error("an error counts")
	}
}
