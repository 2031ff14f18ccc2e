// What the planner's page shows stands in its address: a link, a reload and the way back show the same.

import { useEffect, useState } from "./preact.js";

function read() {
  return Object.fromEntries(new URLSearchParams(location.search));
}

// The parameters of the address, and a function that changes some of them. A parameter of null is taken out. With
// `quietly` the way back does not stop here.
export function useAddress() {
  const [address, setAddress] = useState(read);
  useEffect(() => {
    const follow = () => setAddress(read());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const change = (changes, { quietly = false } = {}) => {
    history[quietly ? "replaceState" : "pushState"](null, "", addressOf(changes));
    setAddress(read());
  };
  return [address, change];
}

// The address of what is shown now, with these changes.
export function addressOf(changes) {
  const kept = Object.entries({ ...read(), ...changes }).filter(([, value]) => value?.trim());
  return `${location.pathname}?${new URLSearchParams(kept)}`;
}
