# Asks the completion of zsh: ask.zsh SCRIPT LINE... types each line and Tab into a zsh of its own, and prints what stands there then.
zmodload zsh/zpty zsh/datetime
script=$1
shift
await() {
  local until=$((EPOCHREALTIME + 20)) shown
  while [[ ! -e $1 ]]; do
    while zpty -r -t inner shown; do :; done
    ((EPOCHREALTIME < until)) || { print "no $1"; exit 1; }
    sleep 0.02
  done
}
export TERM=dumb
zpty inner zsh -f -i
zpty -w inner "autoload -Uz compinit; compinit -u -D; source ${(q)script}"
zpty -w inner 'show() { print -rn -- "$BUFFER" > shown.new; mv shown.new shown; BUFFER=; }; zle -N show; bindkey "^Xd" show; : > ready'
await ready
for line in "$@"; do
  rm -f shown
  zpty -n -w inner "$line"$'\t\x18d'
  await shown
  print -r -- "$(<shown)"
done
zpty -d inner
