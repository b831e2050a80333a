package generated

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestRender covers the templates of names and paths, and templates that would run for long or produce much.
func TestRender(t *testing.T) {
	t.Parallel()
	many := make([]any, maxValues+2)
	for i := range many {
		many[i] = "x"
	}
	data := map[string]any{"name": "a", "port": int64(8080), "big": int64(1) << 40, "list": []any{"x", "y"}}
	for name, c := range map[string]struct {
		text string
		data map[string]any
		want string // "" for none
	}{
		"Name":              {"n: << inputs.name >>", data, "n: a"},
		"Number":            {"n: << inputs.port >>", data, "n: 8080"},
		"Quoted":            {"n: << inputs.name | upper | quote >>", data, `n: "A"`},
		"Default":           {`n: << get inputs "gone" | default "b" >>`, data, "n: b"},
		"Loop":              {"<<- range inputs.list >><< . >>;<< end >>", data, "x;y;"},
		"Printf":            {`<< printf "%s-%v" inputs.name inputs.port >>`, data, "a-8080"},
		"Replaced":          {`<< replace "a" "bb" inputs.name >>`, data, "bb"},
		"Condition":         {`<< if eq inputs.name "a" >>yes<< else >>no<< end >>`, data, "yes"},
		"VariableInAnIf":    {`<< if $n := inputs.name >><< $n >><< end >>`, data, "a"},
		"NumberInAnIf":      {`<< if eq 1 1 >>yes<< end >>`, data, "yes"},
		"Variable":          {`<< $n := inputs.name >><< $n >>`, data, "a"},
		"NumberAsArgument":  {`<< trunc 1 "abc" >>`, data, "a"},
		"Unknown":           {"<< inputs.gone >>", data, ""},
		"UnknownFunction":   {`<< env "HOME" >>`, data, ""},
		"Broken":            {"<< if >>", data, ""},
		"CountsToANumber":   {"<< range 1000000000000 >><< end >>", data, ""},
		"CountsToAnInput":   {"<< range inputs.big >><< end >>", data, ""},
		"CountsToAVariable": {"<< $n := 1000000000000 >><< range $n >><< end >>", data, ""},
		"CountsInWith":      {"<< with 1000000000000 >><< range . >><< end >><< end >>", data, ""},
		"CountsDeepInside":  {"<< range (or 1000000000000 .) >><< end >>", data, ""},
		"CountsByCondition": {"<< if $n := 1000000000000 >><< range $n >><< end >><< end >>", data, ""},
		"CountsToALength":   {"<< range len inputs.name >><< end >>", data, ""},
		"CallsItself":       {`<< define "x" >><< template "x" >><< end >><< template "x" >>`, data, ""},
		"CallsAnother":      {`<< define "x" >>a<< end >><< template "x" >>`, data, ""},
		"WideByArgument":    {`<< printf "%*d" 9 1 >>`, data, ""},
		"ThreeLoops":        {"<< range inputs.list >><< range inputs.list >><< range inputs.list >><< end >><< end >><< end >>", data, ""},
		"LoopsInCondition":  {"<< if true >><< range inputs.list >><< with . >><< range inputs.list >><< range inputs.list >><< end >><< end >><< end >><< end >><< end >>", data, ""},
		"Wide":              {`<< printf "%1000000000d" 1 >>`, data, ""},
		"Grows":             {`<< "a" | replace "a" "` + strings.Repeat("a", 1000) + `" | replace "a" "` + strings.Repeat("a", 1000) + `" | replace "a" "` + strings.Repeat("a", 1000) + `" >>`, data, ""},
		"ManyValues":        {"<< inputs.name >>", map[string]any{"name": "a", "list": many}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := resourceSetLanguage().render(c.text, c.data)
			if got := string(out); got != c.want || (err == nil) != (c.want != "") {
				t.Errorf("%q, %v; want %q", got, err, c.want)
			}
		})
	}
}

// TestFunctions: templates have the functions of sprig for names and paths.
func TestFunctions(t *testing.T) {
	t.Parallel()
	data := map[string]any{"name": "Shop", "path": "apps/shop/a.yaml", "none": "", "list": []any{"x", "y"}}
	for text, want := range map[string]string{
		`coalesce inputs.none inputs.name`: "Shop", `empty inputs.none`: "true", `ternary "a" "b" true`: "a", `inputs.name | squote`: "'Shop'", `title "shop"`: "Shop",
		`trim " a "`: "a", `trimAll "-" "-a-"`: "a", `trimPrefix "apps/" inputs.path`: "shop/a.yaml", `trimSuffix ".yaml" inputs.path`: "apps/shop/a",
		`trunc 2 inputs.name`: "Sh", `contains "ho" inputs.name`: "true", `hasPrefix "Sh" inputs.name`: "true", `hasSuffix "op" inputs.name`: "true", `toString true`: "true",
		`hasKey inputs "name"`: "true", `first inputs.list`: "x", `last inputs.list`: "y", `base inputs.path`: "a.yaml", `dir inputs.path`: "apps/shop", `ext inputs.path`: ".yaml",
		`toJson inputs.list`: `["x","y"]`, `regexMatch "^S.*p$" inputs.name`: "true",
	} {
		out, err := resourceSetLanguage().render("<< "+text+" >>", data)
		if string(out) != want || err != nil {
			t.Errorf("%s: %q, %v; want %q", text, out, err, want)
		}
	}
}

// TestMatchesDeep: two stars stand for any number of folders.
func TestMatchesDeep(t *testing.T) {
	t.Parallel()
	got := map[string]bool{}
	for _, name := range []string{"a/config.yaml", "a/b/config.yaml", "config.yaml", "a/b/c.yaml", "x/a/config.yaml"} {
		got[name] = matchesDeep("a/**/config.yaml", name)
	}
	want := map[string]bool{"a/config.yaml": true, "a/b/config.yaml": true, "config.yaml": false, "a/b/c.yaml": false, "x/a/config.yaml": false}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
