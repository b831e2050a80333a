package offline

import (
	"testing"
)

func TestWithoutCredentials(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"https://h.example/a/b":                              "https://h.example/a/b",
		"https://user:pass@h.example/a/b?ref=v1":             "https://h.example/a/b?ref=v1",
		"https://token@h.example/a/b":                        "https://h.example/a/b",
		"https://user:p@ss@h.example/a":                      "https://h.example/a",
		"https://h.example/a.yaml?token=abc&ref=v1#x":        "https://h.example/a.yaml?ref=v1#x",
		"https://h.example/a.yaml?access_token=abc":          "https://h.example/a.yaml",
		"k=https://u:p@h.example/x?sig=s":                    "k=https://h.example/x",
		"git::https://u:p@h.example/a//b?ref=main&timeout=9": "git::https://h.example/a//b?ref=main",
		"ssh://git:secret@h.example/a":                       "ssh://h.example/a",
		"oauth2:secret@github.com/a/b":                       "github.com/a/b",
		"git@github.com:a/b":                                 "git@github.com:a/b",
		"github.com/a/b?ref=v1":                              "github.com/a/b?ref=v1",
		"../base":                                            "../base",
	} {
		if got := WithoutCredentials(text); got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
	}
}
