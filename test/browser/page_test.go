package browser

import (
	"bytes"
	"image/png"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// hostile is what somebody writes into a status who wants to run something in the page, leave an element, or turn the text.
const hostile = "<script>document.title='owned'</script><img src=x onerror=document.title='owned'> ]]> \"quoted' `back` </pre></style>" +
	"\njavascript:alert(1) \u202etxt \x1b[31mred &lt;b&gt; {{.}}"

func TestPages(t *testing.T) {
	program := build(t)
	t.Run("Hostile", func(t *testing.T) { testHostile(t, program) })
	t.Run("ManyPods", func(t *testing.T) { testManyPods(t, program) })
	for scenario, exit := range map[string]int{"rights-missing": 4, "kustomization-build-fails": 2, "dependency-cycle": 2} {
		t.Run(scenario, func(t *testing.T) {
			o := visit(t, render(t, program, poisoned(t, scenario), exit))
			fits(t, o)
			looks(t, o)
		})
	}
}

// testHostile opens the page of a failing component whose every message is hostile.
func testHostile(t *testing.T, program string) {
	t.Helper()
	o := visit(t, render(t, program, poisoned(t, "pod-image-pull"), 2))
	t.Run("NothingIsAskedForAndNothingGoesWrong", func(t *testing.T) {
		o.mutex.Lock()
		defer o.mutex.Unlock()
		for _, fault := range o.faults {
			t.Error(fault)
		}
	})
	t.Run("HostileTextIsText", func(t *testing.T) {
		title := value[string](t, o, `document.title`)
		if n := value[int](t, o, `document.querySelectorAll("script, img, iframe, [onerror]").length`); n > 0 || title != "greeter-service: failed" {
			t.Errorf("the title is %q, and there are %d elements that could run something", title, n)
		}
		text := value[string](t, o, `document.body.textContent`)
		for _, want := range []string{"<script>document.title='owned'</script><img src=x", `]]> "quoted' `, `\u202etxt \x1b[31mred &lt;b&gt; {{.}}`} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not shown", want)
			}
		}
	})
	t.Run("TheStyleIsApplied", func(t *testing.T) {
		if border := value[string](t, o, `getComputedStyle(document.querySelector(".mark")).borderRadius`); border != "50%" {
			t.Errorf("a mark has a border radius of %q: the policy does not let the style in", border)
		}
	})
	t.Run("UnfoldsByKeyboard", func(t *testing.T) { unfolds(t, o) })
	t.Run("PrintsUnfolded", func(t *testing.T) { prints(t, o) })
	t.Run("LightAndDark", func(t *testing.T) { looks(t, o) })
	t.Run("FitsTheScreen", func(t *testing.T) { fits(t, o) })
	t.Run("CommandsAreSelectedWhole", func(t *testing.T) { selects(t, o) })
	t.Run("LinksAreHTTP", func(t *testing.T) {
		if n := value[int](t, o, `[...document.querySelectorAll("a[href]")].filter(a => !/^(https?:\/\/|#)/.test(a.getAttribute("href"))).length`); n > 0 {
			t.Errorf("%d links are neither to a web address nor to the page itself", n)
		}
		if href := value[string](t, o, `document.querySelector(".address a").href`); !strings.HasPrefix(href, "http://development-") {
			t.Errorf("the address of the endpoint leads to %q", href)
		}
		if n := value[int](t, o, `[...document.querySelectorAll('a[href^="#"]')].filter(a => !document.getElementById(a.hash.slice(1))).length`); n > 0 {
			t.Errorf("%d links lead to nothing on the page", n)
		}
	})
	t.Run("ExplanationUnfolds", func(t *testing.T) {
		const visible = `document.querySelector(".explained pre").checkVisibility()`
		before := value[bool](t, o, visible)
		o.do(t, chromedp.Click(".explained > summary"))
		if after := value[bool](t, o, visible); before || !after {
			t.Errorf("the explanation is visible before a click: %v, after it: %v", before, after)
		}
	})
}

// testManyPods: the healthy ones of many pods make one line, that unfolds.
func testManyPods(t *testing.T, program string) {
	t.Helper()
	o := visit(t, render(t, program, manyPods(t, "pod-image-pull", 39), 2))
	if line := value[string](t, o, `document.querySelector("#e0-pod .fold > summary").textContent.trim()`); line != "✓ 40 ok: Pod" {
		t.Errorf("the healthy pods are %q", line)
	}
	const shown = `[...document.querySelectorAll("#e0-pod article")].filter(a => a.checkVisibility()).length`
	if n := value[int](t, o, shown); n != 1 {
		t.Errorf("%d pods are shown, want the one that fails", n)
	}
	o.do(t, chromedp.Click("#e0-pod .fold > summary"))
	if n := value[int](t, o, shown); n != 41 {
		t.Errorf("%d pods are shown after a click, want all", n)
	}
}

// fits: at the width of a telephone and of a desk, nothing is wider than the screen, and no command is cut or scrolls. Each command is a
// block, none beside another.
func fits(t *testing.T, o *opened) {
	t.Helper()
	value[bool](t, o, `document.querySelectorAll("details").forEach(d => d.open = true) || true`)
	defer value[bool](t, o, `document.querySelectorAll("details.more").forEach(d => d.open = false) || true`)
	const commands = `[...document.querySelectorAll(".next code")]`
	if n := value[int](t, o, commands+`.length`); n == 0 {
		t.Error("there is no command")
	}
	if n := value[int](t, o, commands+`.filter(c => getComputedStyle(c).display !== "block" || getComputedStyle(c).userSelect !== "all" || c.parentElement.children.length > 1).length`); n > 0 {
		t.Errorf("%d commands are no block of their own", n)
	}
	for _, width := range []int{360, 400, 768, 1280} {
		o.do(t, chromedp.EmulateViewport(int64(width), 900))
		if over := value[int](t, o, `document.documentElement.scrollWidth - document.documentElement.clientWidth`); over > 0 {
			t.Errorf("at %d, the page is %d pixels wider than the screen", width, over)
		}
		if n := value[int](t, o, commands+`.filter(c => c.scrollWidth > c.clientWidth || c.scrollHeight > c.clientHeight + 1 || c.getBoundingClientRect().right > innerWidth).length`); n > 0 {
			t.Errorf("at %d, %d commands are cut", width, n)
		}
	}
}

// selects clicks on a command: all of it is selected, in one line, and nothing else.
func selects(t *testing.T, o *opened) {
	t.Helper()
	for _, width := range []int{400, 1280} {
		value[bool](t, o, `getSelection().removeAllRanges() === undefined`) // a click into a selection clears it
		o.do(t, chromedp.EmulateViewport(int64(width), 900), chromedp.Click(".answer .next code"))
		want := value[string](t, o, `document.querySelector(".answer .next code").textContent`)
		if got := value[string](t, o, `getSelection().toString()`); got != want || !strings.HasPrefix(got, "kubectl ") && !strings.HasPrefix(got, "occ ") {
			t.Errorf("at %d, a click selects %q, want %q", width, got, want)
		}
	}
}

// unfolds goes to the shared rungs with the keyboard alone, and opens and closes it. The first stop is the way past the head.
func unfolds(t *testing.T, o *opened) {
	t.Helper()
	o.do(t, chromedp.KeyEvent(kb.Tab))
	if first := value[string](t, o, `document.activeElement.className`); first != "skip" {
		t.Errorf("the first stop is %q, want the way past the head", first)
	}
	o.do(t, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab))
	if branch := value[string](t, o, `document.activeElement.querySelector("h3").id`); branch != "all" {
		t.Errorf("the next stop is %q, want the shared rungs", branch)
	}
	for _, key := range []string{kb.Enter, " "} {
		before := value[bool](t, o, `document.activeElement.parentElement.open`)
		o.do(t, chromedp.KeyEvent(key))
		if after := value[bool](t, o, `document.activeElement.parentElement.open`); after == before {
			t.Errorf("%q neither opens nor closes it", key)
		}
	}
}

// faint are the texts with a contrast of less than 4.5 to what is behind them, which WCAG 2.2 asks for in 1.4.3.
const faint = `(() => {
	const parts = color => color.match(/[\d.]+/g).map(Number);
	const luminance = color => {
		const [r, g, b] = parts(color).map(v => v / 255 <= .04045 ? v / 255 / 12.92 : ((v / 255 + .055) / 1.055) ** 2.4);
		return .2126 * r + .7152 * g + .0722 * b;
	};
	const ground = e => !e ? "rgb(255, 255, 255)" : parts(getComputedStyle(e).backgroundColor)[3] === 0 ? ground(e.parentElement) : getComputedStyle(e).backgroundColor;
	const contrast = e => {
		const [low, high] = [luminance(getComputedStyle(e).color), luminance(ground(e))].sort((a, b) => a - b);
		return (high + .05) / (low + .05);
	};
	const hasText = e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
	return [...document.body.querySelectorAll("*")].filter(e => hasText(e) && e.checkVisibility() && contrast(e) < 4.5)
		.map(e => e.tagName + "." + e.className + " " + contrast(e).toFixed(1)).join(", ");
})()`

// looks takes a picture in both schemes: neither may be blank, dark must be dark, and every text must be legible.
func looks(t *testing.T, o *opened) {
	t.Helper()
	o.do(t, chromedp.EmulateViewport(1280, 900))
	white := map[string]float64{}
	for _, scheme := range []string{"light", "dark"} {
		o.media(t, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
		if texts := value[string](t, o, faint); texts != "" {
			t.Errorf("%s: there is too little contrast in %s", scheme, texts)
		}
		picture, err := chromedp.Run(o.context, chromedp.FullScreenshot(100))
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := png.Decode(bytes.NewReader(picture))
		if err != nil {
			t.Fatal(err)
		}
		shades := map[uint32]bool{}
		sum, count := 0.0, 0.0
		for y := 0; y < decoded.Bounds().Dy(); y += 3 {
			for x := 0; x < decoded.Bounds().Dx(); x += 3 {
				r, g, b, _ := decoded.At(x, y).RGBA()
				shades[(r>>8)<<16|(g>>8)<<8|b>>8] = true
				sum, count = sum+float64(r+g+b)/3/0xffff, count+1
			}
		}
		if white[scheme] = sum / count; len(shades) < 20 {
			t.Errorf("%s: there are %d colours, so there is nothing to see", scheme, len(shades))
		}
	}
	if white["light"] < 0.8 || white["dark"] > 0.3 {
		t.Errorf("of white, there is %.2f in light and %.2f in dark", white["light"], white["dark"])
	}
}

// prints holds what is seen against what is printed: rungs unfold on paper, YAML only where somebody unfolded it.
func prints(t *testing.T, o *opened) {
	t.Helper()
	const conditions, yaml = `document.querySelector("#source table").checkVisibility()`, `document.querySelector("#source .more pre").checkVisibility()`
	check := func(when string, wantConditions, wantYAML bool) {
		t.Helper()
		if c, y := value[bool](t, o, conditions), value[bool](t, o, yaml); c != wantConditions || y != wantYAML {
			t.Errorf("%s, the conditions of the source are visible: %v, its YAML: %v", when, c, y)
		}
	}
	check("on the screen", false, false)
	o.media(t, emulation.SetEmulatedMediaParams{Media: "print"})
	defer o.media(t, emulation.SetEmulatedMediaParams{})
	check("on paper", true, false)
	value[bool](t, o, `document.querySelector("#source .more").open = true`)
	check("on paper, with YAML unfolded", true, true)
	value[bool](t, o, `document.querySelector("#source .more").open = false`)
}
